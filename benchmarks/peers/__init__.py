"""This program beside other ways to search the same sentences with the same model."""

"""From PubMed by name: a search, or a list of numbers, becomes a file of records. The one room that uses a network."""

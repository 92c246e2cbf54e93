"""Evaluation: questions and judgements in, measures with their uncertainty out.

``suite`` reads a suite, ``run`` runs one on a library, ``own`` makes a test of the person's own library, ``result``
keeps what was measured and compares two of them, ``metrics`` computes, ``command`` is ``qa eval``.
"""

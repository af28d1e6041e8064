"""Prose understood by meaning and by value: every number of the running text becomes a stated figure.

`normal` and `pieces` make tagged pieces of a text, `grammar` makes drafts of them, `cells` and `loose` do so for tables
of loose text, `document` goes through a document, `evidence` decides by the values what words leave open.
"""

"""Prose understood by meaning and by value: every number of the running text becomes a stated figure.

`normal` gives texts one form, `grammar` makes drafts of tagged pieces of them, `loose` does so for tables
of loose text, `document` goes through a document, `evidence` decides by the values what words leave open.
"""

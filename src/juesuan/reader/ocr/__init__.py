"""Scanned pages and pictures: recognition, tables and lines rebuilt, figures held against the relations."""

"""The store of many accounts: Parquet shards and compacted files, asked by SQL."""

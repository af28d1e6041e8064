"""Units compared with their peers: ranking, quartiles, trends, outliers."""

"""Charts: specifications made from declared series, drawn in one house style."""

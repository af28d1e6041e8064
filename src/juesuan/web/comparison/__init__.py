"""An account under review beside last year's, its peers, and the units of its department."""

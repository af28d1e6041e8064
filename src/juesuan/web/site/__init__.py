"""What every request shares: the site, the guard before every route, jobs, responses."""

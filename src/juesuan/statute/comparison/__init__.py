"""What is compared between units and years, as declared: indicators and key figures."""

"""A store or an account in the formats of others: Frictionless data package, XBRL taxonomy, xBRL-JSON."""

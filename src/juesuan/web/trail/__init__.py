"""The audit trail (审计日志) for people: in words, filtered, exported."""

"""Self-evaluation forms (绩效自评表) and the key work table (重点工作完成情况表), read from grids."""

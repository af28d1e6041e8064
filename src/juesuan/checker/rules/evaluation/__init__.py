"""The rules on self-evaluation forms (绩效自评表) and on what the narrative says of them."""

"""Tables held to relations: those that the statute declares, those that they print, those that they show."""

"""What a configuration means: frozen values, units in their names, no words left to interpret."""

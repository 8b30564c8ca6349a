"""Case work and the provider's inbox for machines: the same moves as on the pages."""

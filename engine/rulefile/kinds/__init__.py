"""What each kind of rule may say."""

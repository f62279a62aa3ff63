"""What one night makes of cases: the ladder's steps, recipients, waivers, rollups and successions."""

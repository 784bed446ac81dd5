"""Everything that runs the guide: settings, log, model, actions, server."""

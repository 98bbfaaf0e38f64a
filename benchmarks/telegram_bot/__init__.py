"""How the Telegram bot holds up: under load, under attack, and while its server is away."""

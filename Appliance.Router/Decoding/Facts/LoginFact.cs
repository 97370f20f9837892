namespace Appliance.Router.Decoding.Facts;

/// <summary>How a log-in has ended; the origin is who wanted in, whichever packet showed it.</summary>
/// <remarks>Whether the credentials are a default that makers ship is known only where they travel in clear. They themselves are kept nowhere.</remarks>
public sealed record LoginFact(FactOrigin Origin, ApplicationKind Application, LoginOutcome Outcome, bool IsDefault) : Fact(Origin);

namespace Appliance.Hosting.Authorization;

/// <summary>Says whether a session is still going on. The router registers one; a role without takes the token's word until it expires.</summary>
public delegate bool SessionCheck(string sessionId);

namespace Appliance.Hosting.Listeners;

/// <summary>Says to which listener a connection came in, or on which one an endpoint is answered.</summary>
/// <remarks>The mark is on the connection itself: a Host header can't claim it, and it holds with port 0 too.</remarks>
internal sealed record ListenerMark(Listener Listener);

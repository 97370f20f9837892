namespace Appliance.Hosting.Events;

/// <summary>How much an event asks for somebody's look.</summary>
public enum EventSeverity
{
    Info,

    /// <summary>From here up the Logger makes an alert of it.</summary>
    Warning,
    Error,
}

namespace Appliance.Logger.Fanout;

/// <summary>Whose broker carries the alerts.</summary>
internal enum MqttMode
{
    /// <summary>The Logger's own.</summary>
    Embedded,

    /// <summary>Another's, for example Mosquitto, which the Logger is a client of.</summary>
    External,
}

using System.ComponentModel.DataAnnotations;
using System.Net;

namespace Appliance.Logger.Fanout;

/// <summary>How alerts are told over MQTT.</summary>
internal sealed class MqttOptions : IValidatableObject
{
    public const string Section = "Logger:Mqtt";

    /// <summary>MQTT over TLS, as IANA has it.</summary>
    public const int DefaultPort = 8883;

    [EnumDataType(typeof(MqttMode))]
    public MqttMode Mode { get; set; } = MqttMode.Embedded;

    /// <summary>Where the embedded broker listens, or the external one does; 0 takes a free port (embedded only).</summary>
    [Range(0, 65535)]
    public int Port { get; set; } = DefaultPort;

    /// <summary>Address that the embedded broker listens on.</summary>
    [Required]
    public string ListenAddress { get; set; } = "0.0.0.0";

    /// <summary>Name of the external broker, as its certificate has it.</summary>
    public string Host { get; set; } = "";

    /// <summary>Client id of the Logger at the external broker; empty means "appliance-logger-SITE".</summary>
    [RegularExpression("^\\P{C}{0,128}$", ErrorMessage = "must be at most 128 characters, none of them a control character")]
    public string ClientId { get; set; } = "";

    /// <summary>MQTT 3.1.1 instead of 5, for a broker that has no 5 (NATS). It then cannot say that it refused an alert.</summary>
    public bool UseVersion311 { get; set; }

    /// <summary>Subscribers of the embedded broker, those away with a kept session included.</summary>
    [Range(1, 10_000)]
    public int MaxSubscribers { get; set; } = 64;

    /// <summary>Messages that wait for one subscriber of the embedded broker; further ones are dropped for this subscriber and counted.</summary>
    [Range(16, 100_000)]
    public int MaxQueuedPerSubscriber { get; set; } = 1000;

    /// <summary>How long the embedded broker keeps the session of a subscriber that went away.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "90.00:00:00")]
    public TimeSpan KeepSessionFor { get; set; } = TimeSpan.FromDays(1);

    /// <summary>After a broker (re)start, alerts told this long before are told again: an acknowledgement is not storage.</summary>
    [Range(typeof(TimeSpan), "00:00:10", "1.00:00:00")]
    public TimeSpan ReplayWindow { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>Subscribers need a moment to come back to a restarted broker; the replay waits for them.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:10:00")]
    public TimeSpan ReplayDelay { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Announce the summary and the last alert to Home Assistant (MQTT discovery).</summary>
    public bool HomeAssistant { get; set; }

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Mode == MqttMode.External && Host.Length == 0)
        {
            yield return new ValidationResult("must be the broker's name where Mode is External", [nameof(Host)]);
        }

        if (Host.Length > 0 && Uri.CheckHostName(Host) == UriHostNameType.Unknown)
        {
            yield return new ValidationResult("must be a host name or an IP address, for example broker.lan", [nameof(Host)]);
        }

        if (Mode == MqttMode.External && Port == 0)
        {
            yield return new ValidationResult("must be the broker's port where Mode is External", [nameof(Port)]);
        }

        if (!IPAddress.TryParse(ListenAddress, out _))
        {
            yield return new ValidationResult("must be an IP address, for example 0.0.0.0 or ::", [nameof(ListenAddress)]);
        }
    }
}

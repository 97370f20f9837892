using Appliance.Hosting.Identity;

namespace Appliance.Logger.Tests.Fanout;

/// <summary>A real Mosquitto beside the Logger, configured as the README of the fan-out says.</summary>
internal sealed class MosquittoUnderTest(params (string Key, string? Value)[] settings)
    : BrokerUnderTest([("Logger:Mqtt:Mode", "External"), ("Logger:Mqtt:Host", "localhost"), .. settings])
{
    private ToolProcess? _mosquitto;

    public override async Task StartAsync()
    {
        await StartBrokerAsync();
        await Logger.StartAsync();
    }

    public override async Task RestartAsync()
    {
        await KillBrokerAsync();
        await StartBrokerAsync();
    }

    public async Task StartBrokerAsync()
    {
        _mosquitto = ToolProcess.Start("mosquitto", "-v", "-c", WriteConfiguration());
        await foreach (string line in _mosquitto.Lines)
        {
            if (line.EndsWith(" running", StringComparison.Ordinal))
            {
                return;
            }
        }

        throw new InvalidOperationException("Mosquitto did not start.");
    }

    public async Task KillBrokerAsync()
    {
        if (_mosquitto is { } mosquitto)
        {
            _mosquitto = null;
            await mosquitto.DisposeAsync();
        }
    }

    public override async ValueTask DisposeAsync()
    {
        await Logger.DisposeAsync();
        await KillBrokerAsync();
        await base.DisposeAsync();
    }

    private string WriteConfiguration()
    {
        string path = Folder.File("mosquitto.conf");
        if (!File.Exists(path))
        {
            Site.Authority.Issue(PeerIdentity.OfNode(Site.Authority.Site, "broker", Appliance.Hosting.Role.Logger), TimeSpan.FromDays(1), []).Write(Folder.Path, "broker");
            MqttPeer.AuthorityFile(Site.Authority, Folder);
            WriteAccess();
            File.WriteAllText(path, $"""
                listener {Port} 127.0.0.1
                cafile {Folder.File("home-ca.crt")}
                certfile {Folder.File("broker.crt")}
                keyfile {Folder.File("broker.key")}
                tls_version tlsv1.2
                require_certificate true
                use_identity_as_username true
                allow_anonymous false
                acl_file {Folder.File("acl")}
                persistence true
                persistence_location {Folder.Path}/
                autosave_interval 1
                max_queued_messages 100000
                user root
                """);
        }

        return path;
    }

    // A test may have written its own.
    private void WriteAccess()
    {
        if (!File.Exists(Folder.File("acl")))
        {
            File.WriteAllText(Folder.File("acl"), """
                user node1
                topic write appliance/home/#
                topic write homeassistant/device/+/config
                topic read homeassistant/status
                user alice
                topic read appliance/home/#
                topic read homeassistant/#
                user hass
                topic write homeassistant/status
                """);
        }
    }
}

namespace Appliance.Logger.Tests.Fanout;

/// <summary>The broker inside the Logger: they start and end together.</summary>
internal sealed class EmbeddedUnderTest(params (string Key, string? Value)[] settings)
    : BrokerUnderTest([("Logger:Mqtt:Mode", "Embedded"), ("Logger:Mqtt:ListenAddress", "127.0.0.1"), .. settings])
{
    public override Task StartAsync() => Logger.StartAsync();

    public override async Task RestartAsync()
    {
        await Logger.StopAsync();
        await Logger.StartAsync();
    }
}

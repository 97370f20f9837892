using Appliance.Hosting.Configuration;
using Appliance.Tests.Shared;

namespace Appliance.Logger.Tests.Fanout;

public sealed class MqttOptionsTests
{
    [Theory]
    [InlineData("Logger:Mqtt:Mode", "External", "Host")]
    [InlineData("Logger:Mqtt:ListenAddress", "everywhere", "ListenAddress")]
    [InlineData("Logger:Mqtt:MaxQueuedPerSubscriber", "1", "MaxQueuedPerSubscriber")]
    [InlineData("Logger:Mqtt:ReplayWindow", "00:00:01", "ReplayWindow")]
    [InlineData("Logger:Mqtt:Prot", "8883", "Port")]
    [InlineData("Logger:Alerts:MaxAlerts", "0", "MaxAlerts")]
    public async Task A_fault_ends_the_start_and_is_named(string key, string value, string named)
    {
        await using var site = new TestSite();
        await using var logger = new LoggerHost(site, (key, value));

        var fault = await Assert.ThrowsAsync<ConfigurationFaultException>(logger.StartAsync);

        Assert.Contains(named, fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_section_of_the_Logger_is_listed_for_the_check_of_a_whole_file() =>
        Assert.Contains(LoggerRole.Sections, section => section.Path == "Logger:Mqtt");
}

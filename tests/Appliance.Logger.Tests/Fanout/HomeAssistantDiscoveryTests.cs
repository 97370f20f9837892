using System.Text.Json;
using Appliance.Hosting.Configuration;
using Appliance.Logger.Fanout;
using Appliance.Logger.Tests.Alerts;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace Appliance.Logger.Tests.Fanout;

public sealed class HomeAssistantDiscoveryTests
{
    private readonly JsonElement _payload;

    public HomeAssistantDiscoveryTests()
    {
        var settings = new FanoutSettings(Options.Create(new MqttOptions()), Options.Create(new NodeOptions()), new FakeTimeProvider(Samples.Start));
        var message = new HomeAssistantDiscovery(settings).Message;
        Assert.Equal(("homeassistant/device/appliance-home/config", true), (message.Topic, message.Retain));
        _payload = JsonDocument.Parse(message.Payload).RootElement;
    }

    [Fact]
    public void Device_and_origin_are_named_as_Home_Assistant_demands()
    {
        Assert.Equal("appliance-home", _payload.GetProperty("dev").GetProperty("ids").GetString());
        Assert.NotEmpty(_payload.GetProperty("o").GetProperty("name").GetString()!);
    }

    [Fact]
    public void Every_component_has_a_platform_and_an_id_of_its_own_and_reads_a_topic_of_the_site()
    {
        var components = _payload.GetProperty("cmps").EnumerateObject().Select(component => component.Value).ToArray();

        Assert.Equal(7, components.Length);
        Assert.Equal(7, components.Select(component => component.GetProperty("unique_id").GetString()).Distinct().Count());
        Assert.All(components, component => Assert.Contains(component.GetProperty("p").GetString(), (string[])["sensor", "binary_sensor", "event"]));
        Assert.All(components, component => Assert.StartsWith("appliance/home/", component.GetProperty("state_topic").GetString(), StringComparison.Ordinal));
    }

    [Fact]
    public void Nothing_in_it_takes_a_command() => Assert.DoesNotContain("command", _payload.GetRawText(), StringComparison.Ordinal);
}

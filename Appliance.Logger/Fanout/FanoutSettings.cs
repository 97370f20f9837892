using Appliance.Hosting.Configuration;
using Microsoft.Extensions.Options;

namespace Appliance.Logger.Fanout;

/// <summary>What every part of the fan-out needs to know: options, the site's topics, the clock.</summary>
internal sealed class FanoutSettings(IOptions<MqttOptions> mqtt, IOptions<NodeOptions> node, TimeProvider clock)
{
    public MqttOptions Mqtt => mqtt.Value;

    public string Site => node.Value.Site;

    public TimeProvider Clock => clock;

    public Topics Topics { get; } = new(node.Value.Site);
}

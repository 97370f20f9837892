using System.Text.Json.Nodes;
using Appliance.Hosting;
using Appliance.Logger.Alerts;

namespace Appliance.Logger.Fanout;

/// <summary>Tells Home Assistant what a site offers: its summary and its last alert (MQTT discovery, one payload a device).</summary>
internal sealed class HomeAssistantDiscovery(FanoutSettings settings)
{
    private const string OpenHigh = "{{ 'ON' if value_json.open is defined and value_json.open.high + value_json.open.critical > 0 else 'OFF' }}";
    private const string OpenAll = "{{ value_json.open.values() | sum if value_json.open is defined else 0 }}";
    private const string LastAlert =
        "{{ {'event_type': value_json.category, 'id': value_json.id, 'severity': value_json.severity, 'source': value_json.source, 'action': value_json.action} | to_json }}";

    private string Device => $"appliance-{settings.Site}";

    public BrokerMessage Message => new(settings.Topics.Discovery, System.Text.Encoding.UTF8.GetBytes(Payload().ToJsonString()), Retain: true);

    private JsonObject Payload() => new()
    {
        ["dev"] = new JsonObject { ["ids"] = Device, ["name"] = $"Security gateway {settings.Site}", ["mf"] = "appliance" },
        ["o"] = new JsonObject { ["name"] = "appliance", ["sw"] = typeof(HomeAssistantDiscovery).Assembly.GetName().Version!.ToString(3) },
        ["cmps"] = Components(),
        ["availability"] = new JsonArray(new JsonObject { ["topic"] = settings.Topics.Summary, ["value_template"] = "{{ value_json.state }}" }),
        ["qos"] = 1,
    };

    private JsonObject Components()
    {
        var components = new JsonObject
        {
            ["open_alerts"] = Component("sensor", "open-alerts", "Open alerts", settings.Topics.Summary, OpenAll, ("state_class", "measurement")),
            ["problem"] = Component("binary_sensor", "problem", "Open high alert", settings.Topics.Summary, OpenHigh, ("device_class", "problem")),
            ["last_alert"] = Component("event", "last-alert", "Last alert", settings.Topics.Alert("+", "+"), LastAlert),
        };
        components["last_alert"]!["event_types"] = new JsonArray([.. AlertWords.Categories.Select(word => JsonValue.Create(word))]);
        foreach (string role in Enum.GetValues<Role>().Select(role => role.Word()))
        {
            string template = $"{{{{ 'OFF' if value_json.nodes | default([]) | selectattr('role', 'eq', '{role}') | map(attribute='state') | first | default('down') == 'down' else 'ON' }}}}";
            components[role] = Component("binary_sensor", role, role, settings.Topics.Summary, template, ("device_class", "connectivity"));
        }

        return components;
    }

    private JsonObject Component(string platform, string id, string name, string topic, string template, params ReadOnlySpan<(string Key, string Value)> more)
    {
        var component = new JsonObject
        {
            ["p"] = platform,
            ["unique_id"] = $"{Device}-{id}",
            ["name"] = name,
            ["state_topic"] = topic,
            ["value_template"] = template,
        };
        foreach (var (key, value) in more)
        {
            component[key] = value;
        }

        return component;
    }
}

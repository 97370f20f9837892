using System.Text.Json;

namespace Appliance.Logger.Tests.Fanout;

/// <summary>One message as a subscriber printed it.</summary>
internal sealed record MqttMessage(string Topic, bool Retained, string Payload)
{
    public string Id => Json().GetProperty("id").GetString()!;

    public JsonElement Json() => JsonDocument.Parse(Payload).RootElement;
}

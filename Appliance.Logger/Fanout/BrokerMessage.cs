namespace Appliance.Logger.Fanout;

/// <summary>One message for subscribers, always QoS 1; an empty retained one removes what was retained.</summary>
internal sealed record BrokerMessage(string Topic, byte[] Payload, bool Retain);

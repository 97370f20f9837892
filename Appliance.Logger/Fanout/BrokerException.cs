namespace Appliance.Logger.Fanout;

/// <summary>The broker could not be reached, or did not take a message; what it did not take stays in the outbox.</summary>
internal sealed class BrokerException(string message, Exception? inner = null) : Exception(message, inner);

using Appliance.Logger.Alerts;

namespace Appliance.Logger.Fanout;

/// <summary>An alert that is still to be told; a change of the alert gives it a new, higher number.</summary>
internal sealed record OutboxEntry(long Number, StoredAlert Alert);

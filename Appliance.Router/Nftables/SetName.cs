using Appliance.Router.Rules;

namespace Appliance.Router.Nftables;

/// <summary>A kernel set: its table in the inet family, its name, and what its keys are.</summary>
internal readonly record struct SetName(string Table, string Name, TargetKind Kind);

namespace Appliance.Local;

/// <summary>Which board, where its things are kept on this machine, and what else the bmc role is told, as keys of `appliance.json`.</summary>
internal sealed record BoardSiteRequest(Uri Board, string Folder, IReadOnlyDictionary<string, string?> Settings);

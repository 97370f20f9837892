using Appliance.Bmc.NodeFiles;

namespace Appliance.Bmc.Recovery;

/// <summary>Has fresh tokens put into a node file whose own are used up; throws why that can't be had.</summary>
internal delegate Task<NodeFileContent> NodeFileRenewer(NodeFileContent used, CancellationToken token);

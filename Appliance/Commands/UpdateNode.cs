using Appliance.Hosting;

namespace Appliance.Commands;

/// <summary>A node to be updated: the role that answers for it, and where.</summary>
internal sealed record UpdateNode(Role Role, Uri Address)
{
    public string Name => Role.Word();
}

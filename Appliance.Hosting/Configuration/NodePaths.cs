using Microsoft.Extensions.Options;

namespace Appliance.Hosting.Configuration;

/// <summary>Folders of the running role; both are made, readable by the role's user only, when first asked for.</summary>
public sealed class NodePaths
{
    public NodePaths(IOptions<NodeOptions> options, RunningRole running)
    {
        State = Path.Combine(options.Value.StateDirectory, running.Role.Word());
        Pki = Path.Combine(State, "pki");
        try
        {
            PrivateFiles.CreateFolder(Pki);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new ConfigurationFaultException([$"Node:StateDirectory is '{options.Value.StateDirectory}': {error.Message} Name a folder that this user may write."]);
        }
    }

    public string State { get; }

    /// <summary>Holds <c>ca.crt</c>, <c>node.crt</c> and <c>node.key</c>.</summary>
    public string Pki { get; }
}

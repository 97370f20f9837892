using System.CommandLine;
using Appliance.Hosting;
using Appliance.Hosting.Enrollment;
using Appliance.Hosting.Errors;
using Appliance.Nodes;

namespace Appliance.Commands;

/// <summary>`appliance pki request`, on the node.</summary>
internal static class PkiRequestCommand
{
    public static Command Create()
    {
        var node = new Option<string>("--node-file") { Description = "The node's file.", HelpName = "FILE", DefaultValueFactory = _ => "/var/lib/appliance/node.json" };
        var port = new Option<int>("--port") { Description = "The router's port for requests.", DefaultValueFactory = _ => RolePorts.Enrollment };
        var command = new Command("request", "Make this node's key and ask the router for its certificate until an admin approved.") { node, port };
        command.SetAction((parsed, token) => RunAsync(parsed, parsed.GetRequiredValue(node), parsed.GetValue(port), token));
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, string path, int port, CancellationToken token)
    {
        var console = parsed.InvocationConfiguration;
        try
        {
            var file = NodeFileText.ParseKept(await File.ReadAllBytesAsync(path, token));
            await new CertificateWait(file, Path.GetDirectoryName(Path.GetFullPath(path))!, console.Output, TimeProvider.System).RunAsync(port, token);
            return CommandLine.Done;
        }
        catch (Exception error) when (error is ApplianceException or CommandFailedException or IOException or UnauthorizedAccessException or System.Security.Cryptography.CryptographicException)
        {
            await console.Error.WriteLineAsync(error.Message);
            return CommandLine.Failed;
        }
    }
}

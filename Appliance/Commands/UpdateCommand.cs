using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Grpc.Core;

namespace Appliance.Commands;

/// <summary>`appliance update`: brings nodes of a site to another version, one after the other, and stops at the first that fails.</summary>
internal sealed class UpdateCommand
{
    private readonly UpdateNodes _nodes = new();
    private readonly Option<OutputFormat> _format = CommonOptions.Format();
    private readonly Argument<FileInfo> _bundle = new("BUNDLE") { Description = "Signed bundle that the image's or the package's build made" };
    private readonly Argument<string> _version = new("VERSION") { Description = "Version that was installed" };
    private readonly Option<bool> _only = new("--no-activate") { Description = "Only write it; 'appliance update activate' starts it" };
    private readonly Option<int> _minutes = new("--wait") { Description = "How long a node may take to come up and prove itself", HelpName = "MINUTES", DefaultValueFactory = _ => 20 };

    private UpdateCommand()
    {
    }

    private delegate Task<UpdateOutcome> Step(NodeUpdateClient node, ParseResult parsed, CancellationToken token);

    public static Command Create()
    {
        var commands = new UpdateCommand();
        var update = new Command("update", "Update nodes, each kept only when it proves itself")
        {
            commands.New("install", "Write a bundle to each node, start it there and wait until it is kept", [commands._bundle, commands._only, commands._minutes], commands.InstallAsync),
            commands.New("activate", "Start what is installed on each node and wait until it is kept", [commands._version, commands._minutes], commands.ActivateAsync),
            commands.New("status", "What each node runs", [], StatusAsync),
        };
        foreach (var command in UpdateSystemCommand.Create().Concat(UpdatePackageCommand.Create()))
        {
            update.Subcommands.Add(command);
        }

        return update;
    }

    private Command New(string name, string description, IEnumerable<Symbol> symbols, Step step)
    {
        var command = new Command(name, description);
        foreach (var symbol in symbols)
        {
            if (symbol is Argument argument)
            {
                command.Arguments.Add(argument);
            }
            else
            {
                command.Options.Add((Option)symbol);
            }
        }

        _nodes.AddTo(command);
        command.Options.Add(_format);
        command.SetAction((parsed, token) => RunAsync(step, parsed, token));
        return command;
    }

    /// <summary>Node by node; the first that fails ends it, and those behind it are untouched.</summary>
    private async Task<int> RunAsync(Step step, ParseResult parsed, CancellationToken token)
    {
        var outcomes = new List<UpdateOutcome>();
        var nodes = _nodes.Read(parsed);
        using var progress = ProgressBar.On(parsed.InvocationConfiguration.Error);
        foreach (var node in nodes)
        {
            outcomes.Add(await TryAsync(step, node, progress, parsed, token));
            if (outcomes[^1].State == UpdateOutcome.Failed && step != StatusAsync)
            {
                break;
            }
        }

        progress.Clear();
        var failed = outcomes.Exists(outcome => outcome.State == UpdateOutcome.Failed);
        outcomes.AddRange(nodes.Skip(outcomes.Count).Select(node => new UpdateOutcome(node.Name, UpdateOutcome.Untouched, "", "", "not begun, since the one before failed")));
        Print(parsed.InvocationConfiguration.Output, parsed.GetValue(_format), outcomes);
        return failed ? CommandLine.Failed : CommandLine.Done;
    }

    private async Task<UpdateOutcome> TryAsync(Step step, UpdateNode node, ProgressBar progress, ParseResult parsed, CancellationToken token)
    {
        using var channel = _nodes.Open(parsed, node);
        try
        {
            var outcome = await step(new NodeUpdateClient(node, channel, progress, TimeProvider.System), parsed, token);
            return outcome with { Node = node.Name };
        }
        catch (RpcException failure) when (!token.IsCancellationRequested)
        {
            return new UpdateOutcome(node.Name, UpdateOutcome.Failed, "", "", $"{node.Address} answered {failure.StatusCode}: {failure.Status.Detail}");
        }
        catch (CommandFailedException failure)
        {
            return new UpdateOutcome(node.Name, UpdateOutcome.Failed, "", "", failure.Message);
        }
    }

    private async Task<UpdateOutcome> InstallAsync(NodeUpdateClient node, ParseResult parsed, CancellationToken token)
    {
        var installed = await node.InstallAsync(parsed.GetRequiredValue(_bundle), token);
        return parsed.GetValue(_only)
            ? new UpdateOutcome("", UpdateOutcome.Installed, installed.Version, installed.Slot, "waits to be activated")
            : await ActivateAsync(node, installed.Version, parsed, token) with { Slot = installed.Slot };
    }

    private Task<UpdateOutcome> ActivateAsync(NodeUpdateClient node, ParseResult parsed, CancellationToken token) =>
        ActivateAsync(node, parsed.GetRequiredValue(_version), parsed, token);

    private async Task<UpdateOutcome> ActivateAsync(NodeUpdateClient node, string version, ParseResult parsed, CancellationToken token)
    {
        var text = await node.ActivateAsync(version, TimeSpan.FromMinutes(parsed.GetValue(_minutes)), token);
        return new UpdateOutcome("", UpdateOutcome.Kept, version, "", text);
    }

    private static async Task<UpdateOutcome> StatusAsync(NodeUpdateClient node, ParseResult parsed, CancellationToken token)
    {
        var (seen, image) = (await node.ReadAsync(token), await node.ReadImageAsync(token));
        return new UpdateOutcome("", image is null ? "runs" : image.State.ToString().ToLowerInvariant(), NodeUpdateClient.VersionOf(seen), "", image?.Text ?? "");
    }

    private static void Print(TextWriter output, OutputFormat format, List<UpdateOutcome> outcomes)
    {
        if (format != OutputFormat.Json)
        {
            output.WriteLine("NODE      STATE       VERSION           SLOT  TEXT");
        }

        foreach (var one in outcomes)
        {
            output.WriteLine(format == OutputFormat.Json
                ? JsonSerializer.Serialize(new { node = one.Node, state = one.State, version = one.Version, slot = one.Slot, text = one.Text })
                : string.Create(CultureInfo.InvariantCulture, $"{one.Node,-8}  {one.State,-10}  {SiteCommand.Text(one.Version),-16}  {SiteCommand.Text(one.Slot),-4}  {SiteCommand.Text(one.Text)}"));
        }
    }
}

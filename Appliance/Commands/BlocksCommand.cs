using System.CommandLine;
using System.Net;
using System.Net.NetworkInformation;
using Appliance.Hosting;
using Appliance.Protos.Rules.V1;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;

namespace Appliance.Commands;

/// <summary>`appliance blocks`: who is shut out, by hand or by the response.</summary>
internal sealed class BlocksCommand
{
    private const string ReasonEntry = "appliance-reason";

    private readonly SiteCommand _site = new(Role.Router);
    private readonly Argument<string> _target = new("ADDRESS") { Description = "IPv4, IPv6 or MAC address" };
    private readonly Argument<string> _block = new("BLOCK") { Description = "A block's id, or the address that is blocked" };
    private readonly Option<string> _action = new("--action") { Description = "drop, quarantine (a MAC address) or rate_limit", HelpName = "ACTION", DefaultValueFactory = _ => "drop" };
    private readonly Option<double> _duration = new("--duration") { Description = "Seconds, 1 to 2592000 (30 days)", HelpName = "SECONDS", DefaultValueFactory = _ => 3600 };
    private readonly Option<uint> _rate = new("--packets-per-second") { Description = "For rate_limit, 1 to 1000000", HelpName = "COUNT", DefaultValueFactory = _ => 100 };
    private readonly Option<string> _reason = new("--reason") { Description = "Why, for the audit log", HelpName = "TEXT", DefaultValueFactory = _ => "" };

    private BlocksCommand()
    {
        _action.AcceptOnlyFromAmong("drop", "quarantine", "rate_limit");
        _duration.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<double>() is not (>= 1 and <= 2_592_000))
            {
                result.AddError($"--duration is '{string.Join(' ', result.Tokens)}'; it takes 1 to 2592000 seconds.");
            }
        });
    }

    private delegate Task<IReadOnlyList<Block>> Call(RuleService.RuleServiceClient client, ParseResult parsed, CallOptions options);

    public static Command Create() => new BlocksCommand().Build();

    private Command Build() => new("blocks", "Who is shut out: look, add, remove")
    {
        New("list", "All standing blocks", [], (client, _, options) => AllAsync(client, options)),
        New("add", "Block an address", [_target, _action, _duration, _rate, _reason], AddAsync),
        New("remove", "Lift a block", [_block, _reason], RemoveAsync),
    };

    private Command New(string name, string description, Symbol[] symbols, Call call) => _site.New(name, description, symbols, async (calls, parsed, options) =>
    {
        var blocks = await call(new RuleService.RuleServiceClient(calls), parsed, options);
        return (output, format) => BlocksWire.Print(output, format, blocks);
    });

    private async Task<IReadOnlyList<Block>> AddAsync(RuleService.RuleServiceClient client, ParseResult parsed, CallOptions options)
    {
        var request = new CreateBlockRequest
        {
            Action = System.Enum.Parse<Block.Types.Action>(parsed.GetRequiredValue(_action).Replace("_", "", StringComparison.Ordinal), ignoreCase: true),
            Duration = Duration.FromTimeSpan(TimeSpan.FromSeconds(parsed.GetValue(_duration))),
            Reason = parsed.GetRequiredValue(_reason),
            RequestId = Guid.NewGuid().ToString("N"),
            PacketsPerSecond = parsed.GetValue(_rate),
        };
        var text = parsed.GetRequiredValue(_target);
        if (IPAddress.TryParse(text, out var address))
        {
            request.Address = ByteString.CopyFrom(address.GetAddressBytes());
        }
        else if (PhysicalAddress.TryParse(text, out var mac))
        {
            request.Mac = ByteString.CopyFrom(mac.GetAddressBytes());
        }
        else
        {
            throw new CommandFailedException($"'{SiteCommand.Text(text)}' is no IP or MAC address; write for example 203.0.113.7, 2001:db8::7 or 02:00:5e:00:53:01.");
        }

        return [(await client.CreateBlockAsync(request, options)).Block];
    }

    private async Task<IReadOnlyList<Block>> RemoveAsync(RuleService.RuleServiceClient client, ParseResult parsed, CallOptions options)
    {
        var name = parsed.GetRequiredValue(_block);
        var found = (await AllAsync(client, options)).Where(block => block.Id == name || string.Equals(BlocksWire.Target(block), name, StringComparison.OrdinalIgnoreCase)).ToList();
        if (found.Count == 0)
        {
            throw new CommandFailedException($"No block stands for '{SiteCommand.Text(name)}'; 'appliance blocks list' shows them.");
        }

        foreach (var block in found)
        {
            await client.DeleteBlockAsync(new DeleteBlockRequest { BlockId = block.Id }, options.WithHeaders(Reason(parsed)));
        }

        return found;
    }

    // Metadata takes printable ASCII; anything else would end the call without a word (gRPC over HTTP/2, Custom-Metadata).
    private Metadata Reason(ParseResult parsed) => parsed.GetValue(_reason) is { Length: > 0 } reason
        ? [new Metadata.Entry(ReasonEntry, string.Concat(reason.Select(letter => letter is >= ' ' and <= '~' ? letter : '?')))]
        : [];

    private static async Task<IReadOnlyList<Block>> AllAsync(RuleService.RuleServiceClient client, CallOptions options)
    {
        var blocks = new List<Block>();
        var token = "";
        do
        {
            var page = await client.ListBlocksAsync(new ListBlocksRequest { PageSize = 1000, PageToken = token }, options);
            blocks.AddRange(page.Blocks);
            token = page.NextPageToken;
        }
        while (token.Length > 0);
        return blocks;
    }
}

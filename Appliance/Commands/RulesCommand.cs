using System.CommandLine;
using Appliance.Hosting;
using Appliance.Protos.Rules.V1;
using Grpc.Core;

namespace Appliance.Commands;

/// <summary>`appliance rules`: what the firewall lets through, written in a candidate and brought into force as a whole.</summary>
internal sealed class RulesCommand
{
    private readonly SiteCommand _site = new(Role.Router);
    private readonly RulesetConfirmationClient _confirmation;
    private readonly Argument<string> _rule = new("RULE") { Description = "A rule's id or name" };
    private readonly Argument<FileInfo> _file = new("FILE") { Description = "A policy as JSON" };
    private readonly Argument<string> _ruleset = new("RULESET") { Description = "A ruleset's id, as `history` shows it" };
    private readonly Argument<string?> _earlier = new("RULESET") { Description = "A ruleset's id; without it the one before the present", Arity = ArgumentArity.ZeroOrOne };
    private readonly Option<string> _of = new("--ruleset") { Description = "Of this ruleset instead of the candidate", HelpName = "ID", DefaultValueFactory = _ => "" };
    private readonly Option<string> _reason = new("--reason") { Description = "Why, for the history and the audit log", HelpName = "TEXT", DefaultValueFactory = _ => "" };
    private readonly Option<int> _limit = new("--limit") { Description = "How many, 1 to 100", HelpName = "COUNT", DefaultValueFactory = _ => 20 };

    private RulesCommand() => _confirmation = new RulesetConfirmationClient(_site);

    private delegate Task<Action<TextWriter, OutputFormat>> Call(RuleService.RuleServiceClient client, ParseResult parsed, CallOptions options);

    public static Command Create() => new RulesCommand().Build();

    private Command Build() => new("rules", "What the firewall lets through: write, check, apply, confirm, go back")
    {
        New("list", "The candidate's rules in their order, built-in ones first", [], ListAsync),
        New("show", "One rule", [_rule], ShowAsync),
        New("export", "Write the candidate's policy, or a ruleset's, into a file", [_file, _of], ExportAsync),
        New("import", "Make a file's policy the candidate", [_file, _reason], ImportAsync),
        New("check", "Whether the candidate would be taken, and what it would change", [], CheckAsync),
        New("apply", "Bring the candidate into force, and confirm it on a new connection", [_confirmation.Window, _confirmation.IsLeftOut, _reason], ApplyAsync),
        New("confirm", "Keep the ruleset that is in force", [_ruleset], ConfirmAsync),
        New("rollback", "Bring an earlier ruleset into force, and confirm it on a new connection", [_earlier, _confirmation.Window, _confirmation.IsLeftOut, _reason], RollBackAsync),
        New("history", "Which rulesets were in force: who, when, why, what became of them", [_limit], HistoryAsync),
    };

    private Command New(string name, string description, Symbol[] symbols, Call call) => _site.New(
        name, description, symbols, (calls, parsed, options) => call(new RuleService.RuleServiceClient(calls), parsed, options));

    private static async Task<Action<TextWriter, OutputFormat>> ListAsync(RuleService.RuleServiceClient client, ParseResult parsed, CallOptions options)
    {
        var rules = await AllAsync(client, options);
        return (output, format) => RulesWire.Print(output, format, rules);
    }

    private async Task<Action<TextWriter, OutputFormat>> ShowAsync(RuleService.RuleServiceClient client, ParseResult parsed, CallOptions options)
    {
        var name = parsed.GetRequiredValue(_rule);
        var found = (await AllAsync(client, options)).Where(rule => rule.Id == name || rule.Name == name).ToList();
        return found.Count == 1
            ? (output, format) => RulesWire.PrintOne(output, format, found[0])
            : throw new CommandFailedException($"{found.Count} rules are called '{SiteCommand.Text(name)}', 1 is needed; 'appliance rules list' shows ids and names.");
    }

    private async Task<Action<TextWriter, OutputFormat>> ExportAsync(RuleService.RuleServiceClient client, ParseResult parsed, CallOptions options)
    {
        var answer = await client.ExportRulesetAsync(new ExportRulesetRequest { RulesetId = parsed.GetRequiredValue(_of) }, options);
        var file = parsed.GetRequiredValue(_file);
        await PolicyFileWire.WriteAsync(file, answer.Policy, options.CancellationToken);
        return (output, format) => RulesWire.Print(output, format, answer, $"{answer.Policy.Rules.Count} rules and {answer.Policy.Zones.Count} zones are in {file}.");
    }

    private async Task<Action<TextWriter, OutputFormat>> ImportAsync(RuleService.RuleServiceClient client, ParseResult parsed, CallOptions options)
    {
        var policy = await PolicyFileWire.ReadAsync(parsed.GetRequiredValue(_file), options.CancellationToken);
        var answer = await client.ImportRulesetAsync(new ImportRulesetRequest { Policy = policy, Reason = parsed.GetRequiredValue(_reason) }, options);
        return (output, format) => RulesWire.Print(output, format, answer, $"{policy.Rules.Count} rules and {policy.Zones.Count} zones are the candidate now; 'appliance rules apply' brings them into force.");
    }

    private static async Task<Action<TextWriter, OutputFormat>> CheckAsync(RuleService.RuleServiceClient client, ParseResult parsed, CallOptions options)
    {
        var answer = await client.ApplyRulesetAsync(new ApplyRulesetRequest { ValidateOnly = true }, options);
        return (output, format) => RulesWire.PrintDifference(output, format, answer.Ruleset);
    }

    private async Task<Action<TextWriter, OutputFormat>> ApplyAsync(RuleService.RuleServiceClient client, ParseResult parsed, CallOptions options)
    {
        var request = new ApplyRulesetRequest { ConfirmWithin = _confirmation.WindowOf(parsed), Reason = parsed.GetRequiredValue(_reason), RequestId = Guid.NewGuid().ToString("N") };
        var applied = (await client.ApplyRulesetAsync(request, options)).Ruleset;
        return await ConfirmedAsync(applied, parsed, options);
    }

    private async Task<Action<TextWriter, OutputFormat>> RollBackAsync(RuleService.RuleServiceClient client, ParseResult parsed, CallOptions options)
    {
        var request = new RollbackRulesetRequest { RulesetId = parsed.GetValue(_earlier) ?? "", ConfirmWithin = _confirmation.WindowOf(parsed), Reason = parsed.GetRequiredValue(_reason) };
        return await ConfirmedAsync((await client.RollbackRulesetAsync(request, options)).Ruleset, parsed, options);
    }

    private async Task<Action<TextWriter, OutputFormat>> ConfirmAsync(RuleService.RuleServiceClient client, ParseResult parsed, CallOptions options)
    {
        var confirmed = (await client.ConfirmRulesetAsync(new ConfirmRulesetRequest { RulesetId = parsed.GetRequiredValue(_ruleset) }, options)).Ruleset;
        return (output, format) => RulesWire.Print(output, format, [confirmed]);
    }

    private async Task<Action<TextWriter, OutputFormat>> HistoryAsync(RuleService.RuleServiceClient client, ParseResult parsed, CallOptions options)
    {
        var answer = await client.ListRulesetsAsync(new ListRulesetsRequest { PageSize = parsed.GetValue(_limit) }, options);
        return (output, format) => RulesWire.Print(output, format, answer.Rulesets);
    }

    private async Task<Action<TextWriter, OutputFormat>> ConfirmedAsync(Ruleset applied, ParseResult parsed, CallOptions options)
    {
        var outcome = await _confirmation.GiveAsync(applied, parsed, options);
        return (output, format) => RulesWire.Print(output, format, [outcome]);
    }

    private static async Task<IReadOnlyList<Rule>> AllAsync(RuleService.RuleServiceClient client, CallOptions options)
    {
        var rules = new List<Rule>();
        var token = "";
        do
        {
            var page = await client.ListRulesAsync(new ListRulesRequest { PageSize = 1000, PageToken = token }, options);
            rules.AddRange(page.Rules);
            token = page.NextPageToken;
        }
        while (token.Length > 0);
        return rules;
    }
}

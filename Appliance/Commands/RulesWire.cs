using System.Globalization;
using Appliance.Protos.Rules.V1;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using PolicyMatch = Appliance.Protos.Rules.V1.Match;

namespace Appliance.Commands;

/// <summary>Prints rules and rulesets for people, one a row, or for programs, one JSON object a line with the contract's names.</summary>
internal static class RulesWire
{
    private static readonly JsonFormatter Json = new(JsonFormatter.Settings.Default.WithPreserveProtoFieldNames(true));

    public static void Print(TextWriter output, OutputFormat format, IReadOnlyList<Rule> rules)
    {
        if (format == OutputFormat.Table)
        {
            output.WriteLine("ORDER    ACTION      RULE                              NAME                          MATCHES");
        }

        foreach (var rule in rules)
        {
            output.WriteLine(format == OutputFormat.Json ? Json.Format(rule) : Row(rule));
        }
    }

    public static void PrintOne(TextWriter output, OutputFormat format, Rule rule)
    {
        if (format == OutputFormat.Json)
        {
            output.WriteLine(Json.Format(rule));
            return;
        }

        (string Name, string Value)[] lines =
        [
            ("Rule", rule.Id),
            ("Name", rule.Name),
            ("Order", string.Create(CultureInfo.InvariantCulture, $"{rule.Order}{(rule.BuiltIn ? " (built in)" : rule.Disabled ? " (disabled)" : "")}")),
            ("Action", $"{Word(rule.Action)} {rule.ForwardTo}{rule.TranslateTo}".TrimEnd()),
            ("Matches", Matches(rule.Match)),
            ("Logged", rule.Log ? "yes" : "no"),
            ("Text", rule.Text),
            ("Etag", rule.Etag),
        ];
        foreach (var (name, value) in lines)
        {
            output.WriteLine($"{name,-8} {SiteCommand.Text(value)}");
        }
    }

    public static void Print(TextWriter output, OutputFormat format, IReadOnlyList<Ruleset> rulesets)
    {
        if (format == OutputFormat.Table)
        {
            output.WriteLine("RULESET                           STATE       APPLIED               LINES      BY                              REASON");
        }

        foreach (var ruleset in rulesets)
        {
            output.WriteLine(format == OutputFormat.Json ? Json.Format(ruleset) : Row(ruleset));
        }
    }

    public static void Print(TextWriter output, OutputFormat format, IMessage answer, string sentence) =>
        output.WriteLine(format == OutputFormat.Json ? Json.Format(answer) : sentence);

    public static void PrintDifference(TextWriter output, OutputFormat format, Ruleset trial)
    {
        if (format == OutputFormat.Json)
        {
            output.WriteLine(Json.Format(trial));
            return;
        }

        // Names of rules are others' words; line breaks are the difference's own.
        var lines = trial.Difference.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        output.WriteLine(lines.Length == 0 ? "The candidate would be taken; it is what is in force." : "The candidate would be taken; it would change this:");
        foreach (var line in lines)
        {
            output.WriteLine(SiteCommand.Text(line));
        }
    }

    private static string Row(Rule rule) =>
        string.Create(CultureInfo.InvariantCulture, $"{rule.Order,-7}  {(rule.Disabled ? "disabled" : Word(rule.Action)),-10}  {SiteCommand.Text(rule.Id),-32}  {SiteCommand.Text(rule.Name),-28}  {SiteCommand.Text(rule.BuiltIn ? rule.Text : Matches(rule.Match))}");

    private static string Row(Ruleset ruleset)
    {
        var lines = ruleset.Difference.Split('\n').Skip(2).ToList();
        var change = string.Create(CultureInfo.InvariantCulture, $"+{lines.Count(line => line.StartsWith('+'))} -{lines.Count(line => line.StartsWith('-'))}");
        return $"{SiteCommand.Text(ruleset.Id),-32}  {ruleset.State.ToString().ToLowerInvariant(),-10}  {Time(ruleset.ApplyTime),-20}  {change,-9}  {SiteCommand.Text(ruleset.Creator),-30}  {SiteCommand.Text(ruleset.Reason)}";
    }

    // The contract's own words, field by field: what is set, and nothing else.
    private static string Matches(PolicyMatch? match) => match is null ? "" : Json.Format(match) is var text && text == "{ }" ? "everything" : text;

    private static string Word(Rule.Types.Action action) => action == Rule.Types.Action.SourceNat ? "source-nat" : action.ToString().ToLowerInvariant();

    private static string Time(Timestamp? time) => time?.ToDateTimeOffset().ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture) ?? "-";
}

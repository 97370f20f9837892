using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using Appliance.Hosting.Errors;

namespace Appliance.Commands;

/// <summary>What the `pki` commands have in common: options, and a result or one line of error.</summary>
internal static class PkiOutput
{
    private const int Done = 0;
    private const int Failed = 1;
    private const int MaxDays = 36500;
    private const string Table = "table";
    private const string Json = "json";

    public static Option<int> Days(int standard, string description)
    {
        var days = new Option<int>("--days") { Description = description, DefaultValueFactory = _ => standard };
        days.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is < 1 or > MaxDays)
            {
                result.AddError($"--days is '{string.Join(' ', result.Tokens)}'; it takes 1 to {MaxDays}.");
            }
        });
        return days;
    }

    public static Option<string> Format()
    {
        var format = new Option<string>("--format") { Description = "How to print the result: 'table' for people, 'json' for programs.", DefaultValueFactory = _ => Table };
        format.Validators.Add(result => Check(result, word => word is Table or Json, $"{Table} or {Json}"));
        return format;
    }

    public static void Check(OptionResult result, Func<string, bool> isGood, string wanted)
    {
        foreach (var token in result.Tokens.Where(token => !isGood(token.Value)))
        {
            result.AddError($"{result.Option.Name} is '{token.Value}'; it takes {wanted}.");
        }
    }

    public static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    public static int Run(ParseResult parsed, Option<string> format, Func<IReadOnlyList<(string Name, string Value)>> command) =>
        Try(parsed, () => Print(parsed.InvocationConfiguration.Output, parsed.GetRequiredValue(format), command()));

    /// <summary>What goes wrong in a foreseen way is one line of error.</summary>
    public static int Try(ParseResult parsed, Action command)
    {
        try
        {
            command();
            return Done;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or CryptographicException or ApplianceException)
        {
            parsed.InvocationConfiguration.Error.WriteLine(error.Message);
            return Failed;
        }
    }

    private static void Print(TextWriter output, string format, IReadOnlyList<(string Name, string Value)> values)
    {
        if (format == Json)
        {
            output.WriteLine(JsonSerializer.Serialize(values.ToDictionary(value => value.Name, value => value.Value)));
            return;
        }

        var width = values.Max(value => value.Name.Length);
        foreach (var (name, value) in values)
        {
            output.WriteLine($"{name.PadRight(width)}  {value}");
        }
    }
}

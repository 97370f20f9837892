using Appliance.Detector.Detectors;

namespace Appliance.Evaluation;

/// <summary>What a capture should give: alerts of these categories, or none where it is benign.</summary>
internal sealed record Expectation(string Text, IReadOnlyList<Category> Accepted)
{
    public const string Benign = "benign";
    public const string HardNegative = "hard-negative";

    private static readonly Category[] All = [.. Enum.GetValues<Category>().Where(category => category != Category.None)];

    public bool IsAttack => Accepted.Count > 0;

    /// <summary>All words that may stand in the manifest's column.</summary>
    public static string Words => $"{Benign}, {HardNegative}, or by comma: {string.Join(", ", All.Select(category => category.ToWord()))}";

    public static bool TryParse(string text, out Expectation expectation)
    {
        expectation = new Expectation(text, []);
        if (text is Benign or HardNegative)
        {
            return true;
        }

        var accepted = text.Split(',').Select(word => Array.Find(All, category => category.ToWord() == word.Trim())).ToArray();
        expectation = new Expectation(text, accepted);
        return !accepted.Contains(Category.None);
    }

    /// <summary>A baseline that names no category is given every attack.</summary>
    public bool Accepts(Category category) => IsAttack && (category == Category.None || Accepted.Contains(category));
}

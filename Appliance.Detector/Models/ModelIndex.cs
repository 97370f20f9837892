using System.Text.Json;

namespace Appliance.Detector.Models;

/// <summary>What the library keeps beside the files: which is active, and which came when.</summary>
/// <param name="ActiveId">Null: nobody chose, so the shipped model is active.</param>
/// <param name="PreviousId">What was active before, to go back to; kept like the active one.</param>
/// <param name="LastNumber">The last number given; numbers are never given twice.</param>
/// <param name="Numbers">Number of each model, by id.</param>
internal sealed record ModelIndex(string? ActiveId, string? PreviousId, long LastNumber, IReadOnlyDictionary<string, long> Numbers)
{
    public static ModelIndex Empty { get; } = new(null, null, 0, new Dictionary<string, long>(StringComparer.Ordinal));

    /// <summary>Null where the bytes are no index.</summary>
    public static ModelIndex? Parse(ReadOnlySpan<byte> bytes)
    {
        try
        {
            return JsonSerializer.Deserialize(bytes, ModelIndexJson.Default.ModelIndex) is { Numbers: not null } index ? index : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    public byte[] ToBytes() => JsonSerializer.SerializeToUtf8Bytes(this, ModelIndexJson.Default.ModelIndex);

    /// <summary>With the model numbered; one that has a number keeps it.</summary>
    public ModelIndex With(string id) => Numbers.ContainsKey(id)
        ? this
        : this with { LastNumber = LastNumber + 1, Numbers = new Dictionary<string, long>(Numbers, StringComparer.Ordinal) { [id] = LastNumber + 1 } };

    public ModelIndex Without(IEnumerable<string> ids) =>
        this with { Numbers = Numbers.Where(pair => !ids.Contains(pair.Key)).ToDictionary(StringComparer.Ordinal) };
}

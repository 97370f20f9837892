using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Microsoft.AspNetCore.WebUtilities;

namespace Appliance.Bmc.Simulation;

/// <summary>The query of a call: exact case, order free, and of a repeated key the last value.</summary>
internal sealed class BoardQuery
{
    private readonly Dictionary<string, string> _values = new(StringComparer.Ordinal);

    public BoardQuery(string? raw)
    {
        Raw = raw ?? "";
        foreach (var pair in new QueryStringEnumerable(raw))
        {
            // tpi's second call of "advanced normal" names opt and type twice and means the last.
            _values[pair.DecodeName().ToString()] = pair.DecodeValue().ToString();
        }
    }

    /// <summary>As sent; the daemon routes flash calls by a search in it.</summary>
    public string Raw { get; }

    public string? this[string key] => _values.GetValueOrDefault(key);

    public bool Has(string key) => _values.ContainsKey(key);

    /// <summary>Reads `node`, 0 to 3, or gives the answer that refuses it.</summary>
    public bool TryNode(out int node, [NotNullWhen(false)] out BoardAnswer? refusal)
    {
        node = 0;
        refusal = this["node"] switch
        {
            null => BoardAnswer.BadRequest("Missing `node` parameter"),
            var text when !int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out node) =>
                BoardAnswer.BadRequest("Parameter `node` is not a number"),
            // The daemon cuts the number down to eight bits before it looks: 256 is node 0.
            _ when (node & 0xFF) > 3 => BoardAnswer.BadRequest("Parameter `node` is out of range 0..3 of node IDs"),
            _ => null,
        };
        node &= 0xFF;
        return refusal is null;
    }
}

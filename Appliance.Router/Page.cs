using System.Text;
using Appliance.Hosting.Errors;

namespace Appliance.Router;

/// <summary>A part of a list that is sorted by id, and the token that the next part starts from.</summary>
internal sealed record Page<T>(IReadOnlyList<T> Items, string NextToken)
{
    public const int DefaultSize = 100;
    public const int MaxSize = 1000;

    /// <summary>Cuts behind the id in the token, so that items that come and go in between shift nothing.</summary>
    public static Page<T> Cut(IEnumerable<T> sorted, Func<T, string> idOf, int size, string token)
    {
        if (size < 0)
        {
            throw new InvalidInputException("page_size", $"is {size}; a page has 1 to {MaxSize} entries, and 0 means {DefaultSize}");
        }

        var wanted = size == 0 ? DefaultSize : Math.Min(size, MaxSize);
        var after = Decode(token);
        var found = sorted.Where(item => string.CompareOrdinal(idOf(item), after) > 0).Take(wanted + 1).ToList();
        return found.Count <= wanted
            ? new Page<T>(found, "")
            : new Page<T>(found[..wanted], Convert.ToBase64String(Encoding.UTF8.GetBytes(idOf(found[wanted - 1]))));
    }

    private static string Decode(string token)
    {
        try
        {
            return Encoding.UTF8.GetString(Convert.FromBase64String(token));
        }
        catch (FormatException)
        {
            throw new InvalidInputException("page_token", "is not one that this service gave; leave it empty for the first page");
        }
    }
}

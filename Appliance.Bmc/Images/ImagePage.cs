using System.Globalization;
using Appliance.Hosting.Errors;

namespace Appliance.Bmc.Images;

/// <summary>A part of the list, newest first, and the token that the next part starts from.</summary>
internal sealed record ImagePage(IReadOnlyList<Image> Items, string NextToken)
{
    private const int DefaultSize = 100;
    private const int LargestSize = 1000;

    /// <summary>Cuts behind the image in the token, so that images that come and go in between shift nothing.</summary>
    public static ImagePage Cut(IReadOnlyList<Image> newestFirst, int size, string token)
    {
        if (size is < 0 or > LargestSize)
        {
            throw new InvalidInputException("page_size", $"is {size}, it takes 1 to {LargestSize}, or 0 for {DefaultSize}");
        }

        var rest = token.Length == 0 ? newestFirst : Behind(newestFirst, token);
        var page = rest.Take(size == 0 ? DefaultSize : size).ToList();
        return new ImagePage(page, page.Count < rest.Count ? string.Create(CultureInfo.InvariantCulture, $"{page[^1].UploadTime.UtcTicks}.{page[^1].Id}") : "");
    }

    private static IReadOnlyList<Image> Behind(IReadOnlyList<Image> newestFirst, string token)
    {
        var dot = token.IndexOf('.', StringComparison.Ordinal);
        if (dot < 0 || !long.TryParse(token.AsSpan(0, dot), NumberStyles.None, CultureInfo.InvariantCulture, out var ticks))
        {
            throw new InvalidInputException("page_token", "is none that ListImages gave; begin without one");
        }

        var id = token[(dot + 1)..];
        return [.. newestFirst.Where(image => image.UploadTime.UtcTicks < ticks || (image.UploadTime.UtcTicks == ticks && string.CompareOrdinal(image.Id, id) > 0))];
    }
}

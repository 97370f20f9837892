using Appliance.Hosting.Errors;

namespace Appliance.Router.Tests;

public sealed class PageTests
{
    private static readonly string[] Letters = ["a", "b", "c", "d", "e"];

    [Fact]
    public void Pages_follow_each_other_to_the_end()
    {
        var first = Page<string>.Cut(Letters, letter => letter, 2, "");
        var second = Page<string>.Cut(Letters, letter => letter, 2, first.NextToken);
        var third = Page<string>.Cut(Letters, letter => letter, 2, second.NextToken);

        Assert.Equal(["a", "b"], first.Items);
        Assert.Equal(["c", "d"], second.Items);
        Assert.Equal(["e"], third.Items);
        Assert.Equal("", third.NextToken);
    }

    [Fact]
    public void What_vanished_in_between_shifts_nothing()
    {
        var first = Page<string>.Cut(Letters, letter => letter, 2, "");

        var second = Page<string>.Cut(Letters[2..], letter => letter, 2, first.NextToken);

        Assert.Equal(["c", "d"], second.Items);
    }

    [Fact]
    public void A_full_last_page_has_no_next_one()
    {
        Assert.Equal("", Page<string>.Cut(Letters, letter => letter, 5, "").NextToken);
    }

    [Theory]
    [InlineData(0, 100)]
    [InlineData(5000, 1000)]
    public void Sizes_have_a_default_and_a_bound(int asked, int given)
    {
        var many = Enumerable.Range(10_000, 2000).Select(number => $"{number}");

        Assert.Equal(given, Page<string>.Cut(many, number => number, asked, "").Items.Count);
    }

    [Theory]
    [InlineData(-1, "")]
    [InlineData(1, "not base64!")]
    public void Bad_sizes_and_tokens_are_refused(int size, string token)
    {
        Assert.Throws<InvalidInputException>(() => Page<string>.Cut(Letters, letter => letter, size, token));
    }
}

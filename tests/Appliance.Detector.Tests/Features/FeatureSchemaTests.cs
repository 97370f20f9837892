using System.Text;
using Appliance.Detector.Features;

namespace Appliance.Detector.Tests.Features;

public sealed class FeatureSchemaTests
{
    [Fact]
    public void Each_place_has_the_name_of_its_feature()
    {
        var places = Enum.GetValues<Feature>();

        var names = places.Select(place => SnakeCase(place.ToString()));

        Assert.Equal(names, FeatureSchema.Names);
        Assert.Equal(FeatureSchema.Count, FeatureSchema.Texts.Distinct().Count());
    }

    [Fact]
    public void It_has_the_size_that_the_model_was_planned_for() => Assert.InRange(FeatureSchema.Count, 40, 60);

    private static string SnakeCase(string name)
    {
        var text = new StringBuilder();
        foreach (var letter in name)
        {
            if (char.IsUpper(letter) && text.Length > 0)
            {
                text.Append('_');
            }

            text.Append(char.ToLowerInvariant(letter));
        }

        return text.ToString();
    }
}

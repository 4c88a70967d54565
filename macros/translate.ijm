// Translates one image by a model that was trained on pairs of images, and saves the result.
//
// Argument: INPUT,OUTPUT,MODEL. MODEL is a name or a path; Sumi ships none, since one holds for the microscope it was trained on.
// Runs in Fiji, in plain ImageJ 1.54 with Sumi's all-jar, and headless.

setBatchMode(true);
argument = getArgument();
parts = split(argument, ",");
if (parts.length != 3) exit("The argument is \"" + argument + "\"; it must be INPUT,OUTPUT,MODEL.");
input = parts[0];
output = parts[1];
if (!File.exists(input)) exit("There is no file " + input + "; give INPUT,OUTPUT,MODEL as the macro's argument.");
if (File.exists(output)) exit(output + " exists already; move it, or choose another output.");

open(input);
original = getTitle();
result = replace(original, "(?i)\\.tiff?$", "") + "-translated";
if (isOpen(result)) exit("Close " + result + " first, or the new result will have another title.");
run("DDPM Translate...", "model=[" + parts[2] + "] mode=mean seed=1");
// by its title: in batch mode Fiji leaves the original the current image
selectImage(result);
saveAs("Tiff", output);
close();
selectImage(original);
close();
print("Saved " + output);

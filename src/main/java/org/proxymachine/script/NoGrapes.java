package org.proxymachine.script;

import java.util.List;
import java.util.Set;
import org.codehaus.groovy.ast.AnnotatedNode;
import org.codehaus.groovy.ast.AnnotationNode;
import org.codehaus.groovy.ast.ClassCodeVisitorSupport;
import org.codehaus.groovy.ast.ClassNode;
import org.codehaus.groovy.ast.ImportNode;
import org.codehaus.groovy.ast.ModuleNode;
import org.codehaus.groovy.control.SourceUnit;

/** Refuses {@code @Grab} and its like: what a daemon runs is there when it starts, and no start waits for the network. */
final class NoGrapes extends ClassCodeVisitorSupport {
    /** What would do it: Groovy has it for every script, and without Ivy it ends in a missing class. */
    static final String TRANSFORMATION = "groovy.grape.GrabAnnotationTransformation";

    // A constant: to say it at run time loads nothing of the compiler.
    static final String WHY = "is not supported, as no start waits for the network: load the library's jar by"
            + " new URLClassLoader([new File('x.jar').toURI().toURL()] as URL[])";

    private static final Set<String> NAMES = Set.of("Grab", "Grapes", "GrabConfig", "GrabExclude", "GrabResolver");

    private final SourceUnit source;

    NoGrapes(SourceUnit source) {
        this.source = source;
    }

    void check(ModuleNode module, ClassNode type) {
        for (List<ImportNode> each : List.of(
                module.getImports(),
                module.getStarImports(),
                List.copyOf(module.getStaticImports().values()),
                List.copyOf(module.getStaticStarImports().values()))) {
            each.forEach(this::visitAnnotations);
        }
        visitClass(type);
    }

    @Override
    public void visitAnnotations(AnnotatedNode node) {
        for (AnnotationNode each : node.getAnnotations()) {
            if (NAMES.contains(each.getClassNode().getNameWithoutPackage())) {
                addError("@" + each.getClassNode().getNameWithoutPackage() + " " + WHY, each);
            }
        }
    }

    @Override
    protected SourceUnit getSourceUnit() {
        return source;
    }
}
